"""JSONPath as Jayway JsonPath evaluates it, and JSON as json-smart reads it. Knows nothing of AWS."""
