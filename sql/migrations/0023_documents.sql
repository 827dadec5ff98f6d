-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reports as workbooks, schedules that deliver several forms, and the documents of a year counted whoever made them.

ALTER TABLE knowledge.document DROP CONSTRAINT document_format_known;
ALTER TABLE knowledge.document ADD CONSTRAINT document_format_known CHECK (format IN ('pdf', 'text', 'csv', 'xlsx'));
