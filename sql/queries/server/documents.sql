-- SPDX-License-Identifier: GPL-3.0-or-later
-- The document of a result in several forms, in the order of $2, which has commas between them. A form it does not have has no content.
SELECT f.format, coalesce(CASE f.format WHEN 'html' THEN r.media_type ELSE d.media_type END, ''), CASE f.format WHEN 'html' THEN r.document ELSE d.content END
FROM unnest(string_to_array($2::text, ',')) WITH ORDINALITY AS f(format, place)
JOIN knowledge.result r ON r.id = $1::text::uuid LEFT JOIN knowledge.document d ON d.result = r.id AND d.format = f.format ORDER BY f.place
