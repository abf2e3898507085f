"""TLS with a department system: only the agreed authority, and the portal's own certificate."""

import secrets
import ssl
import tempfile
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from datasources.errors import MisSet


def context_of(*, ca: str, certificate: str, private_key: str) -> ssl.SSLContext:
    """All in PEM form. Without `ca`, whom browsers trust; without `certificate`, the portal shows none.

    MisSet when a certificate or the key cannot be read, or they do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(cadata=ca) if ca else context.load_default_certs()
    except (ssl.SSLError, ValueError):
        raise MisSet("The certificate of the authority (ca) cannot be read.") from None
    if certificate:
        try:
            _show_ours(context, certificate, private_key)
        except (ssl.SSLError, ValueError, TypeError, UnsupportedAlgorithm):
            raise MisSet("The portal's certificate and private key cannot be used.") from None
    return context


def _show_ours(context: ssl.SSLContext, certificate: str, private_key: str) -> None:
    # OpenSSL reads keys from files only: what touches the disk is locked with a password that ends with this call.
    password = secrets.token_bytes(24).hex().encode()
    key = load_pem_private_key(private_key.encode(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
    with tempfile.TemporaryDirectory() as folder:
        chain = Path(folder, "portal.pem")
        chain.write_bytes(certificate.encode() + b"\n" + locked)
        context.load_cert_chain(chain, password=password)
