DROP PROCEDURE mathesar_types.make_domain(name, text, text, text);
