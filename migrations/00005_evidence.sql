-- +goose Up
-- Evidence is tombstoned, never deleted: the trail names it. The content of a document is in the
-- blob store, under blob_key.
create table evidence (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    subject_kind text not null check (subject_kind in ('objective','meeting','self_assessment_statement')),
    subject_id uuid not null,
    statement text,
    kind text not null,
    form text not null check (form in ('document','link','note')),
    title text not null,
    url text,
    text text,
    file_name text,
    media_type text,
    bytes bigint check (bytes > 0),
    sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
    blob_key text,
    added_by uuid not null,
    added_on date not null,
    removed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, added_by) references people(trust_id, id),
    check (statement is null or subject_kind = 'self_assessment_statement'),
    check (url is null or form = 'link'),
    check (text is null or form = 'note'),
    check (blob_key is null or form = 'document' and file_name is not null and media_type is not null and bytes is not null and sha256 is not null)
);
alter table evidence enable row level security;
alter table evidence force row level security;
create policy evidence_trust on evidence using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index evidence_appraisal on evidence (trust_id, appraisal_id, id);
create index evidence_subject on evidence (trust_id, subject_id) where removed_at is null;
create unique index evidence_blob on evidence (trust_id, blob_key);
