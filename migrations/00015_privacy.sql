-- +goose Up

-- Whom somebody let in to read one record for a purpose, and until when. What was given stays.
create table access_grants (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    reader_id uuid not null,
    purpose text not null,
    from_on date not null,
    until_on date not null check (until_on >= from_on),
    note text,
    status text not null check (status in ('given','ended')),
    given_by uuid not null,
    ended_by uuid,
    ended_on date,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, reader_id) references people(trust_id, id),
    foreign key (trust_id, given_by) references people(trust_id, id),
    foreign key (trust_id, ended_by) references people(trust_id, id)
);
create index access_grants_appraisal on access_grants (trust_id, appraisal_id, id);
create index access_grants_reader on access_grants (trust_id, reader_id, from_on, until_on);
alter table access_grants enable row level security;
alter table access_grants force row level security;
create policy access_grants_trust on access_grants using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

-- By which of them a record was read.
alter table disclosures
    add column grant_id uuid,
    add foreign key (trust_id, grant_id) references access_grants(trust_id, id);

-- What was read wrongly, and what was done about it. reader_id is whoever read, where that is known.
create table breaches (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    person_id uuid not null,
    appraisal_id uuid,
    disclosure_id uuid,
    reader_id uuid,
    status text not null check (status in ('reported','assessed','closed')),
    what_happened text not null,
    discovered_on date not null,
    reported_by uuid not null,
    assessment text,
    measures text,
    notified_on date,
    closed_on date,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, person_id) references people(trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, disclosure_id) references disclosures(trust_id, id),
    foreign key (trust_id, reader_id) references people(trust_id, id),
    foreign key (trust_id, reported_by) references people(trust_id, id)
);
create index breaches_person on breaches (trust_id, person_id, id);
create index breaches_reporter on breaches (trust_id, reported_by, id);
alter table breaches enable row level security;
alter table breaches force row level security;
create policy breaches_trust on breaches using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
