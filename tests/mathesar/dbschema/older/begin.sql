-- Makes a domain, or holds one that is there to the present rule. Gone again at the end of the transaction.
CREATE PROCEDURE mathesar_types.make_domain(wanted name, base text, rule text, meaning text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    present record;
    held constant name := wanted || '_check';
    fresh constant name := wanted || '_check_new';
BEGIN
    SELECT t.oid, t.typtype, format_type(t.typbasetype, t.typtypmod) AS base INTO present
    FROM pg_type t WHERE t.typname = wanted AND t.typnamespace = 'mathesar_types'::regnamespace;
    IF NOT FOUND THEN
        EXECUTE format('CREATE DOMAIN mathesar_types.%I AS %s CONSTRAINT %I CHECK (%s)', wanted, base, held, rule);
    ELSIF present.typtype <> 'd' OR present.base <> base THEN
        RAISE EXCEPTION USING ERRCODE = 'MP709';  -- somebody else's type of that name
    ELSE
        -- What is stored stays, whatever the rule was then; what is written from now on follows the new one. Without
        -- NOT VALID every table would be locked and read, and data that does not fit would stop the upgrade.
        EXECUTE format('ALTER DOMAIN mathesar_types.%I ADD CONSTRAINT %I CHECK (%s) NOT VALID', wanted, fresh, rule);
        IF (
            SELECT count(DISTINCT pg_get_expr(c.conbin, 0)) = 1 AND count(*) = 2
            FROM pg_constraint c WHERE c.contypid = present.oid AND c.conname IN (held, fresh)
        ) THEN
            EXECUTE format('ALTER DOMAIN mathesar_types.%I DROP CONSTRAINT %I', wanted, fresh);
        ELSE
            EXECUTE format('ALTER DOMAIN mathesar_types.%I DROP CONSTRAINT IF EXISTS %I', wanted, held);
            EXECUTE format('ALTER DOMAIN mathesar_types.%I RENAME CONSTRAINT %I TO %I', wanted, fresh, held);
        END IF;
    END IF;
    EXECUTE format('COMMENT ON DOMAIN mathesar_types.%I IS %L', wanted, meaning);
    EXECUTE format('COMMENT ON CONSTRAINT %I ON DOMAIN mathesar_types.%I IS %L', held, wanted, 'Checks the ' || wanted || '.');
END
$$;
