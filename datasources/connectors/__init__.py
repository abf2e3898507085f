"""One folder for each way of reaching a department system; none knows another."""
