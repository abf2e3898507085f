-- The database roles, and who may enter. Run once as a superuser inside the portal's own empty database, for example
--     createdb mydata && psql -d mydata -f portal/walls/roles.sql
-- and again whenever this file changes: every statement may be repeated. Passwords are given apart, with \password.
--
-- mydata_owner   owns every table and migrates; the running portal never connects as it.
-- mydata_app     the web and worker processes connect as it. It owns nothing and inherits nothing: it may only become,
--                for one transaction, one of the five roles below.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['mydata_owner', 'mydata_app', 'mydata_resident', 'mydata_staff', 'mydata_api',
                                'mydata_worker', 'mydata_login']
    LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- it is there already, or another database of this server makes it at this moment
        END;
    END LOOP;
END $$;

-- Roles belong to the whole server; only what differs is changed, so that several databases may run this file at once.
DO $$
DECLARE
    name text;
    plain boolean;
BEGIN
    FOREACH name IN ARRAY ARRAY['mydata_owner', 'mydata_app', 'mydata_resident', 'mydata_staff', 'mydata_api',
                                'mydata_worker', 'mydata_login']
    LOOP
        SELECT NOT (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)
               AND rolcanlogin = (name IN ('mydata_owner', 'mydata_app'))
               AND rolinherit = (name = 'mydata_owner')
          INTO plain FROM pg_roles WHERE rolname = name;
        IF NOT plain THEN
            EXECUTE format('ALTER ROLE %I NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION %s %s', name,
                CASE WHEN name IN ('mydata_owner', 'mydata_app') THEN 'LOGIN' ELSE 'NOLOGIN' END,
                CASE WHEN name = 'mydata_owner' THEN 'INHERIT' ELSE 'NOINHERIT' END);
        END IF;
    END LOOP;
    FOREACH name IN ARRAY ARRAY['mydata_resident', 'mydata_staff', 'mydata_api', 'mydata_worker', 'mydata_login']
    LOOP
        IF NOT EXISTS (
            SELECT FROM pg_auth_members
            WHERE roleid = name::regrole AND member = 'mydata_app'::regrole AND set_option
                  AND NOT inherit_option AND NOT admin_option
        ) THEN
            EXECUTE format('GRANT %I TO mydata_app WITH ADMIN FALSE, INHERIT FALSE, SET TRUE', name);
        END IF;
    END LOOP;
END $$;

DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO mydata_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO mydata_app', current_database());
    -- Pulls stage what they read in a temporary table.
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO mydata_worker', current_database());
    EXECUTE format('ALTER DATABASE %I SET synchronous_commit TO on', current_database());
END $$;

-- The keys stand in a schema of their own, so that a dump of the data can leave them out.
CREATE SCHEMA IF NOT EXISTS keys AUTHORIZATION mydata_owner;
REVOKE ALL ON SCHEMA public, keys FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO mydata_owner;
GRANT USAGE ON SCHEMA public TO mydata_app, mydata_resident, mydata_staff, mydata_api, mydata_worker, mydata_login;
GRANT USAGE ON SCHEMA keys TO mydata_resident, mydata_staff, mydata_api, mydata_worker, mydata_login;
