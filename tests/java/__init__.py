"""java.util.regex, whose matcher is API Gateway's, run by the JDK on the PATH."""
