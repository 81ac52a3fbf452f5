"""Apache Velocity 1.7, the language of API Gateway's mapping templates. Knows nothing of AWS."""
