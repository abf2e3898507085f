"""From idea to published entry, and from state to state: what staff and the data protection officer do.

draft -> sent for approval (the checks passed) -> approved by someone else -> published = frozen -> replaced.
"""
