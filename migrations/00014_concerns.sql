-- +goose Up

-- A capability process suspends an appraisal or ends it without an outcome.
alter table appraisals drop constraint appraisals_status_check;
alter table appraisals add constraint appraisals_status_check check (status in ('open','suspended','transferred','ended','closed'));

-- When an appraisal stood still; until_on is the first day on which it went on.
create table suspensions (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    appraisal_id uuid not null,
    from_on date not null,
    until_on date check (until_on >= from_on),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id)
);
alter table suspensions enable row level security;
alter table suspensions force row level security;
create policy suspensions_trust on suspensions using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
create index suspensions_appraisal on suspensions (trust_id, appraisal_id, from_on);
create unique index suspensions_lasting on suspensions (trust_id, appraisal_id) where until_on is null;

-- A concern about somebody's work. contents, targets and review_days are read and written whole.
create table concerns (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    person_id uuid not null,
    holder_id uuid not null,
    status text not null check (status in ('informal','raised','confirmed','monitoring','extended','closed','withdrawn','capability')),
    serious boolean not null,
    raised_on date not null,
    contents jsonb not null default '{}',
    shared_at timestamptz,
    confirmed_on date,
    monitoring_from date,
    weeks int check (weeks > 0),
    weeks_reason text,
    monitoring_until date,
    extension_weeks int not null default 0,
    extension_code text,
    extension_reason text,
    targets jsonb not null default '[]',
    support text,
    review_days jsonb not null default '[]',
    closed_on date,
    outcome text check (outcome in ('resolved','no_further_action','withdrawn')),
    closing text,
    capability_on date,
    capability_reason text,
    notice_on date,
    notice text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    foreign key (trust_id, holder_id) references people(trust_id, id),
    check ((status = 'capability') = (capability_on is not null)),
    check ((monitoring_from is null) = (monitoring_until is null))
);
alter table concerns enable row level security;
alter table concerns force row level security;
create policy concerns_trust on concerns using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
create index concerns_appraisal on concerns (trust_id, appraisal_id, id);
create index concerns_person on concerns (trust_id, person_id);
create index concerns_holder on concerns (trust_id, holder_id);

-- What happened in a concern: contacts, reviews of the progress, and what the person said to it.
create table concern_entries (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    concern_id uuid not null,
    kind text not null check (kind in ('comment','contact','review')),
    happened_on date not null,
    by_id uuid not null,
    contact text check (contact in ('meeting','call','message','visit','other')),
    companion boolean,
    progress text check (progress in ('sufficient','some','insufficient')),
    text text not null,
    at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, concern_id) references concerns(trust_id, id),
    foreign key (trust_id, by_id) references people(trust_id, id),
    check ((kind = 'contact') = (contact is not null)),
    check ((kind = 'review') = (progress is not null))
);
alter table concern_entries enable row level security;
alter table concern_entries force row level security;
create policy concern_entries_trust on concern_entries using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
create index concern_entries_concern on concern_entries (trust_id, concern_id, id);
