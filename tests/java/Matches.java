import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Reads patterns and texts in turn, each ended by a NUL, and prints whether each pattern matches its whole text. */
public final class Matches {
    public static void main(String[] arguments) throws IOException {
        String[] parts = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\0", -1);
        for (int index = 0; index + 1 < parts.length - 1; index += 2) {
            System.out.println(matches(parts[index], parts[index + 1]));
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
