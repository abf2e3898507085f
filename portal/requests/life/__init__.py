"""A life in the portal: what happens to an account when somebody dies, or gets another identity code."""
