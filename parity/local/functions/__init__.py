"""Lambda: functions, their execution environments, and the Runtime API."""
