-- +goose Up

-- Frameworks of a trust's or a school's own. Those that are built in are part of the program.
create table frameworks (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    unit_id uuid,
    code text not null,
    label text not null,
    summary text not null default '',
    statements jsonb not null default '[]',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, unit_id) references units(trust_id, id)
);
create unique index frameworks_code on frameworks (trust_id, code);
alter table frameworks enable row level security;
alter table frameworks force row level security;
create policy frameworks_trust on frameworks using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table framework_versions (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    framework_id uuid not null,
    number int not null check (number > 0),
    published_on date not null,
    statements jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, framework_id) references frameworks(trust_id, id),
    unique (trust_id, framework_id, number)
);
alter table framework_versions enable row level security;
alter table framework_versions force row level security;
create policy framework_versions_trust on framework_versions using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

-- A self-assessment is the person's, not an appraisal's: two posts share it. Version and scale are
-- those of the day on which it was started. The version may be a built-in one, which is no row.
create table self_assessments (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    person_id uuid not null,
    cycle_id uuid not null,
    appraisal_id uuid not null,
    framework_code text not null,
    framework_label text not null,
    framework_version_id uuid not null,
    framework_number int not null,
    statements jsonb not null,
    scale jsonb not null,
    state text not null check (state in ('started','complete')),
    visibility text not null check (visibility in ('private','organisation','organisation_and_reviewer')),
    ratings jsonb not null default '[]',
    overview text,
    cpd jsonb not null default '[]',
    completed_at timestamptz,
    reviewer_id uuid,
    reviewer_ratings jsonb not null default '[]',
    reviewer_completed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    foreign key (trust_id, cycle_id) references cycles(trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, reviewer_id) references people(trust_id, id)
);
create unique index self_assessments_once on self_assessments (trust_id, person_id, cycle_id, framework_version_id);
alter table self_assessments enable row level security;
alter table self_assessments force row level security;
create policy self_assessments_trust on self_assessments using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

-- What somebody noted for themselves before a meeting. Nobody else ever reads it.
create table preparations (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    person_id uuid not null,
    answers jsonb not null default '{}',
    policy_version_id uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    foreign key (trust_id, policy_version_id) references policy_versions(trust_id, id)
);
create unique index preparations_once on preparations (trust_id, appraisal_id);
alter table preparations enable row level security;
alter table preparations force row level security;
create policy preparations_trust on preparations using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
