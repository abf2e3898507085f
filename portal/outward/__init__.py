"""The one way out: where the portal connects to, and how, when somebody else wrote the address."""
