import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Reads a text and patterns, each ended by a NUL, and prints for each pattern whether it matches the whole text. */
public final class Matches {
    public static void main(String[] arguments) throws IOException {
        String[] parts = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\0", -1);
        for (int index = 1; index < parts.length - 1; index++) {
            System.out.println(matches(parts[index], parts[0]));
        }
    }

    private static String matches(String pattern, String text) {
        try {
            return String.valueOf(Pattern.matches(pattern, text));
        } catch (StackOverflowError overflow) {
            return "overflow";
        }
    }
}
