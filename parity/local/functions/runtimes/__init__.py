"""How a function's runtime is started on this machine: Python, Node.js, and the function's own."""
