"""What is known today of the keys that signed what was accepted: by what other cities publish, and by our own staff."""

from datetime import datetime

from datasources.enums import Signature

# Since when the key that signed `i` is withdrawn: the earlier of what its city publishes and what staff wrote down.
WITHDRAWN_AT = """
LEAST(
    (SELECT min((k.told ->> 'withdrawn_at')::timestamptz)
     FROM transfers_citykeys c CROSS JOIN LATERAL jsonb_array_elements(c.keys) AS k (told)
     WHERE c.city = {item}.issuer AND k.told ->> 'kid' = {item}.key_id),
    (SELECT min(w.withdrawn_at) FROM transfers_withdrawnkey w WHERE w.city = {item}.issuer AND w.kid = {item}.key_id)
)
"""


def signature_by(withdrawn_at: datetime | None, *, issued_at: datetime) -> Signature:
    """How an item is to be marked."""
    if withdrawn_at is None:
        return Signature.GOOD
    return Signature.KEY_WITHDRAWN if issued_at < withdrawn_at else Signature.DOUBTED
