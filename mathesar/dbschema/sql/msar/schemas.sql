CREATE OR REPLACE FUNCTION msar.schemas() RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'oid', n.oid::bigint,
        'name', n.nspname,
        'owner', pg_get_userbyid(n.nspowner),
        'description', obj_description(n.oid, 'pg_namespace'),
        'may_use', has_schema_privilege(n.oid, 'USAGE'),
        'may_create', has_schema_privilege(n.oid, 'CREATE'),
        'tables', (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'f')),
        'views', (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('v', 'm'))
    ) ORDER BY n.nspname), '[]')
    FROM pg_namespace n
    WHERE n.nspname !~ '^pg_' AND n.nspname <> ALL (ARRAY['information_schema', 'msar', 'mathesar_types', 'mathesar_internal'])
$$;
COMMENT ON FUNCTION msar.schemas() IS
    'The schemas of this database but PostgreSQL''s and Mathesar''s own, as a JSON array in the order of their names.';
