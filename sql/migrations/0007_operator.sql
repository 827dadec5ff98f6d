-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who runs this installation. The daemon writes here what its configuration says, so that workers print the same on reports
-- wherever they run, and a changed name makes new reports.
CREATE TABLE register.operator (
    only_one bool NOT NULL DEFAULT true,
    name     text NOT NULL,
    url      text NOT NULL,
    CONSTRAINT operator_pkey PRIMARY KEY (only_one),
    CONSTRAINT operator_only_one CHECK (only_one)
);
CREATE TRIGGER note_change AFTER INSERT OR UPDATE ON register.operator FOR EACH ROW EXECUTE FUNCTION register.note_change();

CREATE FUNCTION register.set_operator(new_name text, new_url text) RETURNS bool LANGUAGE sql AS $$
    WITH written AS (
        INSERT INTO register.operator AS o (name, url) SELECT new_name, new_url
        WHERE new_name <> '' OR new_url <> '' OR EXISTS (SELECT 1 FROM register.operator)
        ON CONFLICT (only_one) DO UPDATE SET name = excluded.name, url = excluded.url
        WHERE (o.name, o.url) IS DISTINCT FROM (excluded.name, excluded.url)
        RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM written)
$$;
