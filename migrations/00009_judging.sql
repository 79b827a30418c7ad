-- +goose Up

-- How each objective of a year was judged, by whom. A judgement that is changed stays; the current one
-- of each party counts. n counts them within the objective. One with a deferral was made when what
-- the objective waited for had come.
create table objective_outcomes (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    objective_id uuid not null,
    deferral_id uuid,
    party text not null check (party in ('reviewee','reviewer')),
    n int not null check (n > 0),
    code text,
    percent int check (percent between 0 and 100),
    text text,
    agrees boolean,
    reason text,
    by_id uuid not null,
    current boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, objective_id) references objectives(trust_id, id),
    foreign key (trust_id, by_id) references people(trust_id, id),
    unique (trust_id, objective_id, n)
);
create unique index objective_outcomes_current on objective_outcomes (trust_id, objective_id, party) where current;
create index objective_outcomes_appraisal on objective_outcomes (trust_id, appraisal_id);
alter table objective_outcomes enable row level security;
alter table objective_outcomes force row level security;
create policy objective_outcomes_trust on objective_outcomes using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

-- What waits for examination results: an objective, the whole outcome, or the confirmation of a rating
-- that was made while something waited.
create table deferrals (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    waits_for text not null check (waits_for in ('objective','outcome','rating')),
    objective_id uuid,
    status text not null check (status in ('waiting','resolved')),
    reason text,
    beyond_reason text,
    due_on date not null,
    by_id uuid not null,
    resolved_by uuid,
    resolved_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, objective_id) references objectives(trust_id, id),
    foreign key (trust_id, by_id) references people(trust_id, id),
    foreign key (trust_id, resolved_by) references people(trust_id, id),
    check ((waits_for = 'objective') = (objective_id is not null))
);
create unique index deferrals_objective on deferrals (trust_id, objective_id) where status = 'waiting' and objective_id is not null;
create unique index deferrals_outcome on deferrals (trust_id, appraisal_id) where status = 'waiting' and objective_id is null;
create index deferrals_appraisal on deferrals (trust_id, appraisal_id, id);
alter table deferrals enable row level security;
alter table deferrals force row level security;
create policy deferrals_trust on deferrals using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

alter table objective_outcomes add foreign key (trust_id, deferral_id) references deferrals(trust_id, id);

-- What the rows of the policy made of the judgements, where a decider gave another rating; and
-- whether something still waited when the rating was made.
alter table ratings
    add column derived text,
    add column provisional boolean not null default false;
