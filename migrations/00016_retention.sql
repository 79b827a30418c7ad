-- +goose Up

-- When what was written in a record was erased. What remains are ids, days and codes.
alter table appraisals add column erased_on date;
alter table appraisals add column pay_erased_on date;
alter table self_assessments add column erased_on date;
alter table evidence add column erased_on date;
alter table concerns add column erased_on date;

-- Whose records are kept whatever the policy says.
create table legal_holds (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    person_id uuid not null,
    held boolean not null,
    reason text check (held or reason is null),
    set_by uuid not null,
    set_on date not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    foreign key (trust_id, set_by) references people(trust_id, id),
    unique (trust_id, person_id)
);
alter table legal_holds enable row level security;
alter table legal_holds force row level security;
create policy legal_holds_trust on legal_holds using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

-- Each time that records were erased. counts says how many of each class.
create table retention_runs (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    as_of date not null,
    token text not null,
    counts jsonb not null,
    run_by uuid not null,
    run_on date not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, run_by) references people(trust_id, id)
);
alter table retention_runs enable row level security;
alter table retention_runs force row level security;
create policy retention_runs_trust on retention_runs using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

-- Who asked for everything that is held about somebody. The archive itself is kept nowhere.
create table subject_access_exports (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    person_id uuid not null,
    requested_by uuid not null,
    requested_on date not null,
    expires_on date not null check (expires_on >= requested_on),
    downloads int not null default 0 check (downloads >= 0),
    downloaded_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    foreign key (trust_id, requested_by) references people(trust_id, id)
);
create index subject_access_exports_person on subject_access_exports (trust_id, person_id, id);
alter table subject_access_exports enable row level security;
alter table subject_access_exports force row level security;
create policy subject_access_exports_trust on subject_access_exports using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
