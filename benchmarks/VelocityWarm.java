import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.velocity.Template;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.runtime.RuntimeSingleton;
import org.apache.velocity.runtime.resource.loader.StringResourceLoader;

/**
 * Times Apache Velocity on a template: prints the microseconds of a rendering on a warm JVM, and of the first one in it.
 * Arguments: the template's file, the number of renderings to warm up, the number of renderings to time.
 */
public class VelocityWarm {
    /** The $input of API Gateway, as far as the template uses it. */
    public static class Input {
        private final Map<String, Object> params = new LinkedHashMap<>();

        Input() {
            params.put("path", map("proxy", "path1/path2"));
            params.put("querystring", map("query1", "querystring1", "query2", "querystring2"));
            params.put("header", map("header1", "value1", "header2", "value2", "Content-Type", "application/json"));
        }

        public Map<String, Object> params() {
            return params;
        }

        public String json(String path) {
            return "{\"keybody\":\"valuebody\"}";
        }
    }

    /** The $util of API Gateway, as far as the template uses it. */
    public static class Util {
        public String escapeJavaScript(Object value) {
            String text = String.valueOf(value);
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c < ' ' || c > '~' || c == '"' || c == '\'' || c == '\\' || c == '/') {
                    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("'", "\\'").replace("/", "\\/");
                }
            }
            return text;
        }
    }

    static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    public static void main(String[] args) throws Exception {
        String source = Files.readString(Path.of(args[0]));
        VelocityEngine engine = new VelocityEngine();
        engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
        engine.setProperty("resource.loader", "string");
        engine.setProperty("string.resource.loader.class", StringResourceLoader.class.getName());
        engine.init();
        StringResourceLoader.getRepository().putStringResource("article", source);
        long start = System.nanoTime();
        Template template = engine.getTemplate("article");
        String output = render(template);
        double cold = (System.nanoTime() - start) / 1e3;
        for (int i = Integer.parseInt(args[1]); i > 0; i--) {
            render(template);
        }
        int count = Integer.parseInt(args[2]);
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 7; round++) {
            start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                render(template);
            }
            best = Math.min(best, (System.nanoTime() - start) / 1e3 / count);
        }
        System.out.println(best + " " + cold);
        System.out.print(output);
    }

    static String render(Template template) {
        VelocityContext context = new VelocityContext();
        context.put("input", new Input());
        context.put("util", new Util());
        context.put("context", map("httpMethod", "POST", "authorizer", map("stringkey", "")));
        StringWriter out = new StringWriter();
        template.merge(context, out);
        return out.toString();
    }
}
