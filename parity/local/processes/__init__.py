"""Child processes that never outlive this one."""
