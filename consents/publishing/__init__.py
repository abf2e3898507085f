"""From idea to published text: what staff of the recipient's department and the data protection officer do.

draft -> sent for approval (the lint passed) -> approved by someone else -> published = frozen -> replaced or closed.
"""
