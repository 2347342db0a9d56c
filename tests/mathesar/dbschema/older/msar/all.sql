CREATE OR REPLACE FUNCTION msar.version() RETURNS int4
LANGUAGE sql
AS $$ SELECT 9 $$;

CREATE OR REPLACE FUNCTION msar.tables(schema_id oid) RETURNS jsonb
LANGUAGE sql
AS $$ SELECT '[]'::jsonb $$;
