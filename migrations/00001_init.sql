-- +goose Up
-- Every table of a trust has trust_id, keys that lead with it, and row security that is forced:
-- no row of another trust can be read, written or pointed at, whatever a query forgets.
-- The request role is the role of requests: it owns nothing and row security binds it.

-- +goose StatementBegin
create function app_trust() returns uuid language sql stable parallel safe
as $$ select nullif(current_setting('app.trust_id', true), '')::uuid $$;
-- +goose StatementEnd

create table trusts (
    id uuid primary key,
    slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
    name text not null,
    time_zone text not null default 'Europe/London',
    clock_offset_seconds bigint not null default 0,
    demo boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
alter table trusts enable row level security;
alter table trusts force row level security;
-- Sign-in finds a trust by its slug before any trust is set: slugs and names are no secret.
create policy trust_read on trusts for select using (true);
create policy trust_create on trusts for insert with check (id = (select app_trust()));
create policy trust_write on trusts for update using (id = (select app_trust())) with check (id = (select app_trust()));

create table signing_keys (
    generation int primary key,
    kid text not null unique,
    sealed bytea not null,
    created_at timestamptz not null
);

create table units (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    parent_id uuid,
    kind text not null check (kind in ('trust','school','central','department')),
    name text not null,
    code text,
    decides boolean not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, parent_id) references units(trust_id, id),
    unique (trust_id, code)
);
alter table units enable row level security;
alter table units force row level security;
create policy units_trust on units using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create unique index units_one_root on units (trust_id) where parent_id is null;
create unique index units_name on units (trust_id, lower(name));
create table people (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    given_name text not null,
    family_name text not null,
    email text,
    status text not null default 'active' check (status in ('active','inactive')),
    auth_epoch int not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id)
);
alter table people enable row level security;
alter table people force row level security;
create policy people_trust on people using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create unique index people_email on people (trust_id, lower(email)) where email is not null;
create index people_name on people (trust_id, family_name collate "und-x-icu", given_name collate "und-x-icu", id);
create index people_updated on people (trust_id, updated_at, id);
create table external_ids (
    trust_id uuid not null references trusts(id),
    system text not null,
    value text not null,
    person_id uuid,
    post_id uuid,
    primary key (trust_id, system, value),
    foreign key (trust_id, person_id) references people(trust_id, id),
    check ((person_id is null) <> (post_id is null))
);
alter table external_ids enable row level security;
alter table external_ids force row level security;
create policy external_ids_trust on external_ids using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index external_ids_person on external_ids (trust_id, person_id);
create table offices (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    code text not null,
    unit_id uuid not null,
    person_id uuid not null,
    acting boolean not null default false,
    from_on date not null,
    until_on date,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, unit_id) references units(trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    check (until_on is null or until_on >= from_on)
);
alter table offices enable row level security;
alter table offices force row level security;
create policy offices_trust on offices using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index offices_person on offices (trust_id, person_id);
create table posts (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    person_id uuid not null,
    unit_id uuid not null,
    job_title text not null,
    staff_type text not null,
    role_code text,
    department text,
    fte_thousandths int not null default 1000,
    contract text not null default 'permanent' check (contract in ('permanent','fixed_term')),
    contract_ends_on date,
    qts boolean,
    induction_starts_on date,
    induction_ends_on date,
    probation_ends_on date,
    pay_range text,
    pay_point text,
    at_top_of_range boolean,
    from_on date not null,
    until_on date,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    foreign key (trust_id, unit_id) references units(trust_id, id),
    check (until_on is null or until_on >= from_on)
);
alter table posts enable row level security;
alter table posts force row level security;
create policy posts_trust on posts using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index posts_person on posts (trust_id, person_id);
create index posts_unit on posts (trust_id, unit_id, id);
alter table external_ids add foreign key (trust_id, post_id) references posts(trust_id, id);
create table line_managers (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    post_id uuid not null,
    manager_id uuid not null,
    from_on date not null,
    until_on date,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, post_id) references posts(trust_id, id),
    foreign key (trust_id, manager_id) references people(trust_id, id),
    check (until_on is null or until_on >= from_on)
);
alter table line_managers enable row level security;
alter table line_managers force row level security;
create policy line_managers_trust on line_managers using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index line_managers_post on line_managers (trust_id, post_id, from_on);
create index line_managers_manager on line_managers (trust_id, manager_id);
create table absences (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    person_id uuid not null,
    from_on date not null,
    until_on date,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    check (until_on is null or until_on >= from_on)
);
alter table absences enable row level security;
alter table absences force row level security;
create policy absences_trust on absences using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index absences_person on absences (trust_id, person_id);
create table priorities (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    parent_id uuid,
    unit_id uuid,
    code text not null,
    title text not null,
    archived boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, parent_id) references priorities(trust_id, id),
    foreign key (trust_id, unit_id) references units(trust_id, id)
);
alter table priorities enable row level security;
alter table priorities force row level security;
create policy priorities_trust on priorities using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create unique index priorities_code on priorities (trust_id, code) where not archived;
create table objective_templates (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    slot text not null,
    title text not null,
    text text not null,
    criteria jsonb not null default '[]',
    actions jsonb not null default '[]',
    archived boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id)
);
alter table objective_templates enable row level security;
alter table objective_templates force row level security;
create policy objective_templates_trust on objective_templates using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table policies (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    name text not null,
    profile text,
    draft text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id)
);
alter table policies enable row level security;
alter table policies force row level security;
create policy policies_trust on policies using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table policy_versions (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    policy_id uuid not null,
    number int not null,
    document text not null,
    sha256 text not null,
    published_at timestamptz not null,
    published_by uuid not null,
    primary key (trust_id, id),
    foreign key (trust_id, policy_id) references policies(trust_id, id),
    foreign key (trust_id, published_by) references people(trust_id, id),
    unique (trust_id, policy_id, number)
);
alter table policy_versions enable row level security;
alter table policy_versions force row level security;
create policy policy_versions_trust on policy_versions using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table cycles (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    name text not null,
    starts_on date not null,
    ends_on date not null,
    policy_version_id uuid not null,
    status text not null default 'draft' check (status in ('draft','open','closed')),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, policy_version_id) references policy_versions(trust_id, id),
    check (ends_on > starts_on)
);
alter table cycles enable row level security;
alter table cycles force row level security;
create policy cycles_trust on cycles using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table cycle_dates (
    trust_id uuid not null references trusts(id),
    cycle_id uuid not null,
    code text not null,
    staff_group text not null default '',
    due_on date not null,
    primary key (trust_id, cycle_id, code, staff_group),
    foreign key (trust_id, cycle_id) references cycles(trust_id, id)
);
alter table cycle_dates enable row level security;
alter table cycle_dates force row level security;
create policy cycle_dates_trust on cycle_dates using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table windows (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    cycle_id uuid not null,
    n int not null,
    opens_on date not null,
    closes_on date not null,
    primary key (trust_id, id),
    foreign key (trust_id, cycle_id) references cycles(trust_id, id),
    unique (trust_id, cycle_id, n),
    check (closes_on >= opens_on)
);
alter table windows enable row level security;
alter table windows force row level security;
create policy windows_trust on windows using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table pay_rows (
    trust_id uuid not null references trusts(id),
    cycle_id uuid not null,
    staff_group text not null,
    rating text not null,
    awards jsonb not null,
    top_awards jsonb,
    primary key (trust_id, cycle_id, staff_group, rating),
    foreign key (trust_id, cycle_id) references cycles(trust_id, id)
);
alter table pay_rows enable row level security;
alter table pay_rows force row level security;
create policy pay_rows_trust on pay_rows using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table enrolment_overrides (
    trust_id uuid not null references trusts(id),
    cycle_id uuid not null,
    post_id uuid not null,
    included boolean not null,
    reason text not null,
    decided_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, cycle_id, post_id),
    foreign key (trust_id, cycle_id) references cycles(trust_id, id),
    foreign key (trust_id, post_id) references posts(trust_id, id),
    foreign key (trust_id, decided_by) references people(trust_id, id)
);
alter table enrolment_overrides enable row level security;
alter table enrolment_overrides force row level security;
create policy enrolment_overrides_trust on enrolment_overrides using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table appraisals (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    cycle_id uuid not null,
    post_id uuid not null,
    person_id uuid not null,
    unit_id uuid not null,
    staff_group text not null,
    starts_on date not null,
    ends_on date not null,
    status text not null default 'open' check (status in ('open','ended','closed')),
    stage text not null default 'setting' check (stage in ('setting','running','closing','released')),
    turn text not null default '',
    remarks jsonb not null default '[]',
    ended_reason text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, cycle_id) references cycles(trust_id, id),
    foreign key (trust_id, post_id) references posts(trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    foreign key (trust_id, unit_id) references units(trust_id, id),
    unique (trust_id, cycle_id, post_id)
);
alter table appraisals enable row level security;
alter table appraisals force row level security;
create policy appraisals_trust on appraisals using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index appraisals_cycle on appraisals (trust_id, cycle_id, unit_id, person_id) include (status, stage);
create index appraisals_person on appraisals (trust_id, person_id);
create table seats (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    person_id uuid not null,
    duty text not null check (duty in ('review','determine','step')),
    lead boolean not null default true,
    from_on date not null,
    until_on date,
    why text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id)
);
alter table seats enable row level security;
alter table seats force row level security;
create policy seats_trust on seats using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index seats_appraisal on seats (trust_id, appraisal_id);
create index seats_person on seats (trust_id, person_id, from_on, until_on);
create table objectives (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    origin text not null,
    slot text not null,
    counts boolean not null,
    approval text not null,
    completion text not null,
    progress int not null default 0 check (progress between 0 and 100),
    live_revision int,
    next_revision int,
    completed_on date,
    what_next text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id)
);
alter table objectives enable row level security;
alter table objectives force row level security;
create policy objectives_trust on objectives using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index objectives_appraisal on objectives (trust_id, appraisal_id, id);
create table objective_revisions (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    objective_id uuid not null,
    number int not null,
    state text not null,
    title text not null,
    text text not null,
    criteria jsonb not null default '[]',
    actions jsonb not null default '[]',
    checklist jsonb not null default '{}',
    priorities jsonb not null default '[]',
    target_on date,
    template_id uuid,
    remark text,
    author_id uuid not null,
    determined_by uuid,
    live_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, objective_id) references objectives(trust_id, id) on delete cascade,
    foreign key (trust_id, author_id) references people(trust_id, id),
    unique (trust_id, objective_id, number)
);
alter table objective_revisions enable row level security;
alter table objective_revisions force row level security;
create policy objective_revisions_trust on objective_revisions using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table signatures (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    subject_kind text not null,
    subject_id uuid not null,
    revision int not null,
    party text not null,
    person_id uuid not null,
    at timestamptz not null,
    primary key (trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    unique (trust_id, subject_kind, subject_id, revision, party)
);
alter table signatures enable row level security;
alter table signatures force row level security;
create policy signatures_trust on signatures using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table notes (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    appraisal_id uuid not null,
    subject_kind text not null,
    subject_id uuid not null,
    section text,
    kind text not null,
    author_id uuid not null,
    party text not null,
    text text not null,
    at timestamptz not null,
    school_on date not null,
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, author_id) references people(trust_id, id)
);
alter table notes enable row level security;
alter table notes force row level security;
create policy notes_trust on notes using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index notes_subject on notes (trust_id, appraisal_id, subject_kind, subject_id, at, id);
create table check_ins (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    window_id uuid not null,
    state text not null check (state in ('draft','sent','acknowledged')),
    answers jsonb not null default '{}',
    policy_version_id uuid not null,
    sent_at timestamptz,
    sent_on date,
    late boolean not null default false,
    acknowledged_at timestamptz,
    acknowledged_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, window_id) references windows(trust_id, id),
    foreign key (trust_id, policy_version_id) references policy_versions(trust_id, id),
    unique (trust_id, appraisal_id, window_id)
);
alter table check_ins enable row level security;
alter table check_ins force row level security;
create policy check_ins_trust on check_ins using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table praises (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    check_in_id uuid not null,
    appraisal_id uuid not null,
    person_id uuid not null,
    by_id uuid not null,
    at timestamptz not null,
    school_on date not null,
    primary key (trust_id, id),
    foreign key (trust_id, check_in_id) references check_ins(trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    foreign key (trust_id, by_id) references people(trust_id, id),
    unique (trust_id, check_in_id, person_id)
);
alter table praises enable row level security;
alter table praises force row level security;
create policy praises_trust on praises using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index praises_person on praises (trust_id, person_id, at, id);
create table meetings (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    plan_code text not null,
    state text not null check (state in ('scheduled','drafted','shared','answered','cancelled')),
    scheduled_at timestamptz not null,
    place text,
    held_on date,
    recorder_id uuid,
    answers jsonb not null default '{}',
    policy_version_id uuid not null,
    shared_at timestamptz,
    answer text,
    answered_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, policy_version_id) references policy_versions(trust_id, id)
);
alter table meetings enable row level security;
alter table meetings force row level security;
create policy meetings_trust on meetings using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index meetings_appraisal on meetings (trust_id, appraisal_id, id);
create table steps (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    chain text not null check (chain in ('outcome','pay')),
    code text not null,
    n int not null,
    party text not null,
    result text not null check (result in ('open','done','declined','skipped')),
    answers jsonb not null default '{}',
    policy_version_id uuid not null,
    draft_rating jsonb,
    drafted_by uuid,
    reason text,
    own_due_on date,
    done_by uuid,
    done_at timestamptz,
    done_on date,
    late boolean not null default false,
    returned_from text,
    returned_reason text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, policy_version_id) references policy_versions(trust_id, id),
    unique (trust_id, appraisal_id, chain, code)
);
alter table steps enable row level security;
alter table steps force row level security;
create policy steps_trust on steps using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table ratings (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    appraisal_id uuid not null,
    kind text not null check (kind in ('self','recommended','decided')),
    code text not null,
    row_value text,
    column_value text,
    box text,
    suggested_row text,
    reason text,
    by_id uuid not null,
    at timestamptz not null,
    current boolean not null default true,
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, by_id) references people(trust_id, id)
);
alter table ratings enable row level security;
alter table ratings force row level security;
create policy ratings_trust on ratings using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create unique index ratings_current on ratings (trust_id, appraisal_id, kind) where current;
create table pay_decisions (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    appraisal_id uuid not null,
    result text not null,
    awards jsonb not null default '[]',
    working jsonb not null,
    decided_by uuid not null,
    decided_at timestamptz not null,
    decided_on date not null,
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, decided_by) references people(trust_id, id),
    unique (trust_id, appraisal_id)
);
alter table pay_decisions enable row level security;
alter table pay_decisions force row level security;
create policy pay_decisions_trust on pay_decisions using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table imports (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    kind text not null,
    file_name text,
    state text not null check (state in ('planned','applied')),
    content text not null,
    mapping jsonb not null default '{}',
    plan jsonb not null default '{}',
    created_by uuid not null,
    applied_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, created_by) references people(trust_id, id)
);
alter table imports enable row level security;
alter table imports force row level security;
create policy imports_trust on imports using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table import_rows (
    trust_id uuid not null references trusts(id),
    import_id uuid not null,
    n int not null,
    line int not null,
    action text not null,
    problems jsonb not null default '[]',
    changes jsonb not null default '[]',
    person_id uuid,
    post_id uuid,
    primary key (trust_id, import_id, n),
    foreign key (trust_id, import_id) references imports(trust_id, id)
);
alter table import_rows enable row level security;
alter table import_rows force row level security;
create policy import_rows_trust on import_rows using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table credentials (
    trust_id uuid not null references trusts(id),
    person_id uuid not null,
    password_hash text not null,
    updated_at timestamptz not null,
    primary key (trust_id, person_id),
    foreign key (trust_id, person_id) references people(trust_id, id)
);
alter table credentials enable row level security;
alter table credentials force row level security;
create policy credentials_trust on credentials using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table sessions (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    person_id uuid not null,
    client_id text not null,
    user_agent text not null,
    generation int not null,
    rotated_at timestamptz not null,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_for text not null default '',
    primary key (trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id)
);
alter table sessions enable row level security;
alter table sessions force row level security;
create policy sessions_trust on sessions using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index sessions_person on sessions (trust_id, person_id);
create table refresh_tokens (
    trust_id uuid not null references trusts(id),
    digest bytea not null,
    session_id uuid not null,
    generation int not null,
    issued_at timestamptz not null,
    primary key (trust_id, digest),
    foreign key (trust_id, session_id) references sessions(trust_id, id) on delete cascade
);
alter table refresh_tokens enable row level security;
alter table refresh_tokens force row level security;
create policy refresh_tokens_trust on refresh_tokens using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table auth_links (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    person_id uuid not null,
    purpose text not null check (purpose in ('invitation','password_reset')),
    digest bytea not null,
    created_by uuid,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    voided_at timestamptz,
    primary key (trust_id, id),
    unique (trust_id, digest),
    foreign key (trust_id, person_id) references people(trust_id, id)
);
alter table auth_links enable row level security;
alter table auth_links force row level security;
create policy auth_links_trust on auth_links using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index auth_links_person on auth_links (trust_id, person_id, purpose);
create table sign_in_tries (
    trust_id uuid not null references trusts(id),
    key bytea not null,
    tries timestamptz[] not null default '{}',
    newest timestamptz not null,
    primary key (trust_id, key)
);
alter table sign_in_tries enable row level security;
alter table sign_in_tries force row level security;
create policy sign_in_tries_trust on sign_in_tries using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table blocks (
    trust_id uuid not null references trusts(id),
    n bigint not null,
    prev text not null,
    hash text not null,
    at timestamptz not null,
    primary key (trust_id, n)
);
alter table blocks enable row level security;
alter table blocks force row level security;
create policy blocks_trust on blocks using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table events (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    block_n bigint not null,
    i int not null,
    type text not null,
    at timestamptz not null,
    school_at timestamptz not null,
    actor_kind text not null,
    actor_id uuid,
    subject_kind text not null,
    subject_id uuid not null,
    subject_version int not null,
    person_id uuid,
    unit_id uuid,
    appraisal_id uuid,
    body text not null,
    primary key (trust_id, id),
    foreign key (trust_id, block_n) references blocks(trust_id, n) deferrable initially deferred,
    unique (trust_id, block_n, i)
);
alter table events enable row level security;
alter table events force row level security;
create policy events_trust on events using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index events_subject on events (trust_id, subject_kind, subject_id);
create index events_appraisal on events (trust_id, appraisal_id);
create table disclosures (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    person_id uuid not null,
    appraisal_id uuid,
    reader_id uuid not null,
    purpose text not null,
    operation text not null,
    subject_kind text not null,
    subject_id uuid not null,
    at timestamptz not null,
    school_on date not null,
    primary key (trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    foreign key (trust_id, reader_id) references people(trust_id, id)
);
alter table disclosures enable row level security;
alter table disclosures force row level security;
create policy disclosures_trust on disclosures using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index disclosures_person on disclosures (trust_id, person_id, at desc, id);
create table idempotency (
    trust_id uuid not null references trusts(id),
    person_id uuid not null,
    key text not null,
    fingerprint bytea not null,
    status int not null,
    headers jsonb not null,
    body bytea not null,
    created_at timestamptz not null,
    primary key (trust_id, person_id, key)
);
alter table idempotency enable row level security;
alter table idempotency force row level security;
create policy idempotency_trust on idempotency using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index idempotency_age on idempotency (trust_id, created_at);

-- What has happened stays: nobody changes or removes a block, an event or a disclosure.
-- +goose StatementBegin
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
-- +goose StatementEnd

create trigger blocks_append_only before update or delete or truncate on blocks for each statement execute function refuse_change();
create trigger events_append_only before update or delete or truncate on events for each statement execute function refuse_change();
create trigger disclosures_append_only before update or delete or truncate on disclosures for each statement execute function refuse_change();
