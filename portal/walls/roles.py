"""The database roles. `roles.sql` creates them; none is superuser, owner of a table, or bypasses row security."""

from enum import StrEnum


class Role(StrEnum):
    """Whom the database takes us for inside a scope."""

    RESIDENT = "mydata_resident"
    STAFF = "mydata_staff"
    API = "mydata_api"
    WORKER = "mydata_worker"
    LOGIN = "mydata_login"


# Connects, owns nothing, inherits nothing: it may only become one of the roles above.
APP = "mydata_app"
OWNER = "mydata_owner"
