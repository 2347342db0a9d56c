-- What there is of the two schemas, as one JSON text; from catalogues that every role may read, without locks.
-- An object's key is how DROP names it; its definition is the same text on every version of PostgreSQL.
WITH ours AS (
    SELECT oid, nspname, nspowner FROM pg_catalog.pg_namespace WHERE nspname IN ('mathesar_types', 'msar')
),
names AS NOT MATERIALIZED (
    SELECT
        t.oid,
        CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE pg_catalog.quote_ident(n.nspname) || '.' END
            || pg_catalog.quote_ident(t.typname) AS name
    FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
),
objects (key, class, oid, definition, signature) AS (
    SELECT
        CASE p.prokind WHEN 'f' THEN 'function ' ELSE 'routine ' END || pg_catalog.quote_ident(n.nspname) || '.'
            || pg_catalog.quote_ident(p.proname) || '(' || coalesce(arguments.types, '') || ')',
        'pg_proc',
        p.oid,
        pg_catalog.json_build_array(
            l.lanname, p.provolatile, p.proisstrict, p.proparallel, p.prosecdef, p.proretset, p.proconfig, p.prosrc
        )::text,
        '(' || coalesce(pg_catalog.array_to_string(p.proargnames, ', '), '') || ') ' || result.name
    FROM pg_catalog.pg_proc p
    JOIN ours n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    JOIN names result ON result.oid = p.prorettype
    CROSS JOIN LATERAL (
        SELECT pg_catalog.string_agg(names.name, ', ' ORDER BY a.place) AS types
        FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY AS a (type, place)
        JOIN names ON names.oid = a.type
    ) AS arguments
    UNION ALL
    SELECT
        CASE t.typtype WHEN 'd' THEN 'domain ' ELSE 'type ' END || pg_catalog.quote_ident(n.nspname) || '.'
            || pg_catalog.quote_ident(t.typname),
        'pg_type',
        t.oid,
        pg_catalog.json_build_array(
            base.name, t.typtypmod, t.typnotnull, pg_catalog.pg_get_expr(c.conbin, 0), attributes.list
        )::text,
        ''
    FROM pg_catalog.pg_type t
    JOIN ours n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class relation ON relation.oid = t.typrelid
    LEFT JOIN names base ON base.oid = t.typbasetype
    LEFT JOIN pg_catalog.pg_constraint c ON c.contypid = t.oid AND c.conname = t.typname || '_check'
    CROSS JOIN LATERAL (
        SELECT pg_catalog.json_agg(
            pg_catalog.json_build_array(a.attname, names.name, a.atttypmod) ORDER BY a.attnum
        ) AS list
        FROM pg_catalog.pg_attribute a
        JOIN names ON names.oid = a.atttypid
        WHERE a.attrelid = t.typrelid AND t.typrelid <> 0 AND a.attnum > 0
    ) AS attributes
    WHERE t.typcategory <> 'A' AND coalesce(relation.relkind, 'c') = 'c'
    UNION ALL
    SELECT
        'cast (' || source.name || ' AS ' || target.name || ')',
        'pg_cast',
        c.oid,
        pg_catalog.json_build_array(c.castcontext, c.castmethod, p.proname)::text,
        ''
    FROM pg_catalog.pg_cast c
    JOIN names source ON source.oid = c.castsource
    JOIN names target ON target.oid = c.casttarget
    LEFT JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc
    WHERE EXISTS (
        SELECT FROM pg_catalog.pg_type t JOIN ours ON ours.oid = t.typnamespace
        WHERE t.oid IN (c.castsource, c.casttarget)
    )
)
SELECT pg_catalog.json_build_object(
    'database', pg_catalog.current_database(),
    'role', current_user,
    'may_create', pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
    'may_be_owner', (
        SELECT pg_catalog.pg_has_role(nspowner,
            CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
        FROM ours WHERE nspname = 'mathesar_types'
    ),
    'schemas', (
        SELECT pg_catalog.json_object_agg(nspname, pg_catalog.json_build_object(
            'oid', oid::bigint,
            'owner', pg_catalog.pg_get_userbyid(nspowner),
            'mine', pg_catalog.pg_has_role(nspowner, 'USAGE')
        )) FROM ours
    ),
    'record', (
        SELECT prosrc FROM pg_catalog.pg_proc JOIN ours ON ours.oid = pronamespace
        WHERE nspname = 'mathesar_types' AND proname = 'installed' AND pronargs = 0
    ),
    'objects', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
        'key', key, 'class', class, 'oid', oid::bigint, 'definition', definition, 'signature', signature
    )) FROM objects)
)::text
