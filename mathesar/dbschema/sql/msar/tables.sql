CREATE OR REPLACE FUNCTION msar.tables(schema_id oid) RETURNS jsonb
LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'oid', c.oid::bigint,
        'name', c.relname,
        'kind', CASE c.relkind
            WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'f' THEN 'foreign table'
            WHEN 'v' THEN 'view' ELSE 'materialized view'
        END,
        'owner', pg_get_userbyid(c.relowner),
        'description', obj_description(c.oid, 'pg_class'),
        -- where nobody has counted yet it is -1; 0 before PostgreSQL 14
        'rows_estimate', CASE
            WHEN c.reltuples > 0 OR c.reltuples = 0 AND current_setting('server_version_num')::int >= 140000
            THEN c.reltuples::bigint
        END,
        'may_select', has_table_privilege(c.oid, 'SELECT'),
        'may_insert', has_table_privilege(c.oid, 'INSERT'),
        'may_update', has_table_privilege(c.oid, 'UPDATE'),
        'may_delete', has_table_privilege(c.oid, 'DELETE')
    ) ORDER BY c.relname), '[]')
    FROM pg_class c
    WHERE c.relnamespace = schema_id AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
$$;
COMMENT ON FUNCTION msar.tables(oid) IS
    'The tables and views of a schema, partitions left out, as a JSON array in the order of their names.';
