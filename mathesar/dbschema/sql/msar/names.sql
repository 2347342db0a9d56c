-- Everything in this schema runs with the rights of who calls it, and looks nothing up on the caller's search path.

CREATE OR REPLACE FUNCTION msar.version() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT mathesar_types.installed() ->> 'version' $$;
COMMENT ON FUNCTION msar.version() IS 'The version of the Mathesar schema in this database.';

CREATE OR REPLACE FUNCTION msar.qualified_name(relation_id oid) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%I.%I', n.nspname, c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation_id
$$;
COMMENT ON FUNCTION msar.qualified_name(oid) IS
    'The name of a table or view with its schema, quoted to be put into a statement; NULL if there is none.';
