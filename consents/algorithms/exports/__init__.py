"""The register in the forms that others read: our own, and three that cities and states have agreed on."""
