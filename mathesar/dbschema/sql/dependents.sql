-- Everything that would be lost with the given objects: the walk that DROP ... CASCADE takes, along normal and internal
-- dependencies. What goes along with a column or a table that is listed anyway (indexes, defaults) is left out.
WITH RECURSIVE given (class, id) AS (
    SELECT class::pg_catalog.regclass::oid, id
    FROM ROWS FROM (pg_catalog.unnest(%(classes)s::text[]), pg_catalog.unnest(%(ids)s::oid[])) AS parameters (class, id)
),
lost (class, id, part) AS (
    SELECT class, id, 0 FROM given
    UNION
    SELECT next.class, next.id, next.part
    FROM lost
    CROSS JOIN LATERAL (
        SELECT d.classid, d.objid, d.objsubid
        FROM pg_catalog.pg_depend d
        WHERE d.refclassid = lost.class AND d.refobjid = lost.id AND (lost.part = 0 OR d.refobjsubid = lost.part)
            AND d.deptype IN ('n', 'i')
        UNION ALL  -- a view goes with its rule
        SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid, r.ev_class, 0
        FROM pg_catalog.pg_rewrite r
        WHERE lost.class = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = lost.id AND r.rulename = '_RETURN'
    ) AS next (class, id, part)
),
listed AS (  -- without what is a mere part of something else: triggers of a foreign key, constructors of a range
    SELECT * FROM lost
    WHERE lost.class IN ('pg_catalog.pg_attrdef'::pg_catalog.regclass, 'pg_catalog.pg_class'::pg_catalog.regclass)
    OR NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = lost.class AND d.objid = lost.id AND d.objsubid = lost.part AND d.deptype = 'i'
    )
),
found (schema, relation, part, type, kind) AS (
    SELECT n.nspname::text, c.relname::text, coalesce(a.attname::text, ''),
        coalesce(pg_catalog.format_type(a.atttypid, a.atttypmod), ''),
        CASE c.relkind
            WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
            WHEN 'c' THEN 'type' WHEN 'S' THEN 'sequence' ELSE 'table'
        END
    FROM listed AS lost
    JOIN pg_catalog.pg_class c ON c.oid = lost.id
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = lost.part AND lost.part > 0
    WHERE lost.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.relkind NOT IN ('i', 'I', 't')
        AND NOT (c.relkind = 'c' AND EXISTS (
            SELECT FROM given WHERE given.class = 'pg_catalog.pg_type'::pg_catalog.regclass AND given.id = c.reltype
        ))
    UNION
    SELECT n.nspname, own.relname, i.relname, '', 'index'
    FROM listed AS lost
    JOIN pg_catalog.pg_class i ON i.oid = lost.id AND i.relkind IN ('i', 'I')
    JOIN pg_catalog.pg_index x ON x.indexrelid = i.oid
    JOIN pg_catalog.pg_class own ON own.oid = x.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
    WHERE lost.class = 'pg_catalog.pg_class'::pg_catalog.regclass
    UNION
    SELECT n.nspname, t.typname, '', coalesce(pg_catalog.format_type(nullif(t.typbasetype, 0), t.typtypmod), ''),
        CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END
    FROM listed AS lost
    JOIN pg_catalog.pg_type t ON t.oid = lost.id AND t.typcategory <> 'A' AND t.typrelid = 0 AND t.typtype <> 'm'
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE lost.class = 'pg_catalog.pg_type'::pg_catalog.regclass
        AND NOT EXISTS (SELECT FROM given WHERE given.class = lost.class AND given.id = lost.id)
    UNION
    SELECT n.nspname, p.proname, '', coalesce(pg_catalog.format_type(nullif(p.prorettype, 0), NULL), ''), 'function'
    FROM listed AS lost
    JOIN pg_catalog.pg_proc p ON p.oid = lost.id
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE lost.class = 'pg_catalog.pg_proc'::pg_catalog.regclass
        AND NOT EXISTS (SELECT FROM given WHERE given.class = lost.class AND given.id = lost.id)
    UNION
    SELECT n.nspname, c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), 'default'
    FROM listed AS lost
    JOIN pg_catalog.pg_attrdef d ON d.oid = lost.id
    JOIN pg_catalog.pg_class c ON c.oid = d.adrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE lost.class = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
    UNION
    SELECT n.nspname, coalesce(c.relname, t.typname), k.conname, '', 'constraint'
    FROM listed AS lost
    JOIN pg_catalog.pg_constraint k ON k.oid = lost.id
    JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
    LEFT JOIN pg_catalog.pg_type t ON t.oid = k.contypid
    WHERE lost.class = 'pg_catalog.pg_constraint'::pg_catalog.regclass
        AND NOT EXISTS (
            SELECT FROM given WHERE given.class = 'pg_catalog.pg_type'::pg_catalog.regclass AND given.id = k.contypid
        )
    UNION
    SELECT n.nspname, c.relname, part.name, '', part.kind
    FROM listed AS lost
    JOIN (
        SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass::oid, oid, polrelid, polname, 'policy'
        FROM pg_catalog.pg_policy
        UNION ALL
        SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass, oid, tgrelid, tgname, 'trigger'
        FROM pg_catalog.pg_trigger
        UNION ALL
        SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass, oid, ev_class, rulename, 'rule'
        FROM pg_catalog.pg_rewrite WHERE rulename <> '_RETURN'
    ) AS part (class, id, relation, name, kind) ON part.class = lost.class AND part.id = lost.id
    JOIN pg_catalog.pg_class c ON c.oid = part.relation
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    UNION
    SELECT coalesce(o.schema, ''), o.identity, '', '', o.type
    FROM listed AS lost
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(lost.class, lost.id, lost.part) AS o
    WHERE lost.class <> ALL (ARRAY[
        'pg_catalog.pg_class', 'pg_catalog.pg_type', 'pg_catalog.pg_proc', 'pg_catalog.pg_attrdef',
        'pg_catalog.pg_constraint', 'pg_catalog.pg_rewrite', 'pg_catalog.pg_policy', 'pg_catalog.pg_trigger'
    ]::pg_catalog.regclass[]::oid[])
        AND NOT EXISTS (SELECT FROM given WHERE given.class = lost.class AND given.id = lost.id)
)
SELECT pg_catalog.json_agg(pg_catalog.json_build_array(schema, relation, part, type, kind)
    ORDER BY schema, relation, part)::text
FROM found AS f
WHERE NOT (kind IN ('view', 'materialized view', 'default') AND EXISTS (
    SELECT FROM found AS column_of
    WHERE column_of.schema = f.schema AND column_of.relation = f.relation AND column_of.part <> ''
        AND (f.kind = 'default' AND column_of.part = f.part AND column_of.kind <> 'default'
            OR f.kind <> 'default' AND f.part = '')
))
