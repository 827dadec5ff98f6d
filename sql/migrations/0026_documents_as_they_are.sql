-- SPDX-License-Identifier: GPL-3.0-or-later
-- Pages, ZIP files and workbooks are compressed already: trying again took most of the time of storing them, and gained nothing.

ALTER TABLE knowledge.document ALTER COLUMN content SET STORAGE EXTERNAL;
