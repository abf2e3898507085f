"""The service point: staff open one person for a reason, write down what they answer, and hand out the receipt."""
