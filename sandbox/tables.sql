CREATE TABLE IF NOT EXISTS sequence (value INTEGER NOT NULL);
INSERT INTO sequence SELECT 4000 WHERE NOT EXISTS (SELECT 1 FROM sequence);

CREATE TABLE IF NOT EXISTS orgs (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    -- when what describe tells last changed, seconds since 1970
    changed REAL NOT NULL
);

-- data: the record as JSON. folded: the same for comparisons, texts in one letter case as SOQL
-- compares them; ids stay as they are, and long texts are left out since SOQL refuses to filter
-- by them.
CREATE TABLE IF NOT EXISTS records (
    id TEXT PRIMARY KEY,
    org TEXT NOT NULL,
    object TEXT NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL,
    data TEXT NOT NULL,
    folded TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_object ON records (org, object);
-- The value comes first so that SQLite can use several of these for one OR.
CREATE INDEX IF NOT EXISTS records_by_phone ON records (json_extract(folded, '$.Phone'), org, object)
    WHERE json_extract(folded, '$.Phone') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_mobile ON records (json_extract(folded, '$.MobilePhone'), org, object)
    WHERE json_extract(folded, '$.MobilePhone') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_home ON records (json_extract(folded, '$.HomePhone'), org, object)
    WHERE json_extract(folded, '$.HomePhone') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_other ON records (json_extract(folded, '$.OtherPhone'), org, object)
    WHERE json_extract(folded, '$.OtherPhone') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_assistant ON records (json_extract(folded, '$.AssistantPhone'), org, object)
    WHERE json_extract(folded, '$.AssistantPhone') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_fax ON records (json_extract(folded, '$.Fax'), org, object)
    WHERE json_extract(folded, '$.Fax') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_who ON records (json_extract(folded, '$.WhoId'), org, object)
    WHERE json_extract(folded, '$.WhoId') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_what ON records (json_extract(folded, '$.WhatId'), org, object)
    WHERE json_extract(folded, '$.WhatId') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_account ON records (json_extract(folded, '$.AccountId'), org, object)
    WHERE json_extract(folded, '$.AccountId') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_contact ON records (json_extract(folded, '$.ContactId'), org, object)
    WHERE json_extract(folded, '$.ContactId') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_opportunity ON records (json_extract(folded, '$.OpportunityId'), org, object)
    WHERE json_extract(folded, '$.OpportunityId') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_call_object ON records (json_extract(folded, '$.CallObject'), org, object)
    WHERE json_extract(folded, '$.CallObject') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_call_id ON records (json_extract(folded, '$.UniTalk_Call_Id__c'), org, object)
    WHERE json_extract(folded, '$.UniTalk_Call_Id__c') IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_key ON records (json_extract(folded, '$.UniTalk_Key__c'), org, object)
    WHERE json_extract(folded, '$.UniTalk_Key__c') IS NOT NULL;

CREATE TABLE IF NOT EXISTS apps (
    client_id TEXT PRIMARY KEY,
    client_secret TEXT NOT NULL,
    name TEXT NOT NULL,
    callback_urls TEXT NOT NULL,
    scopes TEXT NOT NULL DEFAULT '["api", "id", "refresh_token"]',
    client_credentials_user TEXT NOT NULL DEFAULT 'null'
);

-- One approval of one app by one user; its tokens live and die with it. standing: not given by the
-- user but by the app's run-as policy (client credentials).
CREATE TABLE IF NOT EXISTS approvals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id TEXT NOT NULL,
    org TEXT NOT NULL,
    user TEXT NOT NULL,
    scope TEXT NOT NULL,
    created REAL NOT NULL,
    last_used REAL NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0,
    standing INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    org TEXT NOT NULL,
    user TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    scope TEXT NOT NULL,
    challenge TEXT NOT NULL,
    nonce TEXT,
    created REAL NOT NULL,
    approval INTEGER
);

-- kind: access or refresh. state: live, rotated (a newer refresh token took over) or revoked.
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    approval INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'live',
    created REAL NOT NULL,
    expires REAL
);
CREATE INDEX IF NOT EXISTS tokens_by_approval ON tokens (approval);

CREATE TABLE IF NOT EXISTS cursors (
    id TEXT PRIMARY KEY,
    org TEXT NOT NULL,
    records TEXT NOT NULL,
    total INTEGER NOT NULL,
    batch INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS counters (
    org TEXT NOT NULL,
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (org, name)
);

CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    org TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    fault TEXT
);

-- Figures of a well-filled org for SQLite's planner, which would otherwise guess that reading a
-- whole object is cheaper than using an index for each part of an OR.
ANALYZE;
DELETE FROM sqlite_stat1 WHERE tbl = 'records';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT 'records', name,
    CASE name WHEN 'records_by_object' THEN '100000 50000 10000' ELSE '100000 2 2 2' END
FROM sqlite_master WHERE type = 'index' AND tbl_name = 'records' AND sql IS NOT NULL;
ANALYZE sqlite_schema;
