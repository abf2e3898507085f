"""Letters to residents: each says only that something waits, and goes where and when the resident chose."""
