import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.spi.json.JsonSmartJsonProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import org.apache.commons.lang.StringEscapeUtils;

/**
 * Answers cases, one a line. A line is a word and two texts in Base64; the answer is a word and two texts in Base64.
 * path DOCUMENT EXPRESSION -> ok JSON TEXT | error CLASS ''
 * escape TEXT '' -> ok ESCAPED ''
 */
public class Record {
    private static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    private static void answer(String word, String first, String second) {
        Base64.Encoder encoder = Base64.getEncoder();
        System.out.println(word + " " + encoder.encodeToString(first.getBytes(StandardCharsets.UTF_8)) + " "
            + encoder.encodeToString(second.getBytes(StandardCharsets.UTF_8)) + " .");
    }

    public static void main(String[] arguments) throws Exception {
        JsonSmartJsonProvider provider = new JsonSmartJsonProvider();
        Configuration configuration = Configuration.builder().jsonProvider(provider).build();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split(" ", -1);
            if (parts[0].equals("escape")) {
                answer("ok", StringEscapeUtils.escapeJavaScript(decode(parts[1])), "");
                continue;
            }
            try {
                Object document = provider.parse(decode(parts[1]));
                Object value = document == null ? null : JsonPath.compile(decode(parts[2])).read(document, configuration);
                boolean container = value instanceof Map || value instanceof List;
                String json = container ? provider.toJson(value) : JSONValue.toJSONString(value, JSONStyle.LT_COMPRESS);
                answer("ok", json, String.valueOf(value));
            } catch (Throwable error) {
                answer("error", error.getClass().getSimpleName(), "");
            }
        }
    }
}
