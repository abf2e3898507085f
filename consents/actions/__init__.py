"""What is done with permissions: each verb one transaction with its event, its entry and its row."""
