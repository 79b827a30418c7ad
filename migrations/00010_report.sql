-- +goose Up

-- What the judgement of a year has weighed, and what it was that somebody signed: the sum of the
-- report as it stood then.
alter table steps
    add column weighed jsonb not null default '[]',
    add column signed_sha256 text;

-- What somebody holds to be wrong in a released outcome, and what was decided on it. The outcome
-- itself never changes: a correction stands beside it.
create table corrections (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    part text not null,
    section text,
    objective_id uuid,
    status text not null check (status in ('requested','accepted','refused','disputed')),
    text text not null,
    reason text not null,
    requested_by uuid not null,
    requested_on date not null,
    corrected text,
    decision_reason text,
    decided_by uuid,
    decided_on date,
    disagreement text,
    disagreed_on date,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, objective_id) references objectives(trust_id, id),
    foreign key (trust_id, requested_by) references people(trust_id, id),
    foreign key (trust_id, decided_by) references people(trust_id, id)
);
create index corrections_appraisal on corrections (trust_id, appraisal_id, id);
alter table corrections enable row level security;
alter table corrections force row level security;
create policy corrections_trust on corrections using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
