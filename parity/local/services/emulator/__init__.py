"""The process in which AWS services are emulated by moto; nothing of the serving side imports it."""
