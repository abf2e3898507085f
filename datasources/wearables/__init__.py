"""What residents bring from their watches and phones: read, reckoned into daily figures, shown to them alone."""
