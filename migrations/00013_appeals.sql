-- +goose Up

-- Whoever hears an appeal, and does not reach the appraisal otherwise, has a seat meanwhile.
alter table seats drop constraint seats_duty_check;
alter table seats add constraint seats_duty_check check (duty in ('review','objectives','determine','step','notes','concern','read','appeal'));

-- An appeal may have the year judged anew. Round says which judgement it is.
alter table appraisals add column round int not null default 1 check (round > 0);
alter table steps add column round int not null default 1 check (round > 0);

-- Steps of a round that was judged anew, kept whole as they were.
create table earlier_steps (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    appraisal_id uuid not null,
    chain text not null check (chain in ('outcome','pay')),
    code text not null,
    round int not null,
    n int not null,
    done_by uuid,
    rating text,
    kept jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, done_by) references people(trust_id, id),
    unique (trust_id, appraisal_id, round, chain, code)
);
alter table earlier_steps enable row level security;
alter table earlier_steps force row level security;
create policy earlier_steps_trust on earlier_steps using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

-- Basis is what is appealed against: the number of a decision on pay, or the round of a statement.
create table appeals (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    appraisal_id uuid not null,
    against text not null check (against in ('pay','statement')),
    basis int not null,
    status text not null check (status in ('awaiting_admission','lodged','awaiting_consent','decided','refused','withdrawn')),
    stage int not null check (stage > 0),
    ground text,
    lodged_on date not null,
    took_part jsonb not null default '[]',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id)
);
create index appeals_appraisal on appeals (trust_id, appraisal_id, id);
create unique index appeals_one on appeals (trust_id, appraisal_id, against, basis) where status <> 'withdrawn';
alter table appeals enable row level security;
alter table appeals force row level security;
create policy appeals_trust on appeals using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table appeal_stages (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    appeal_id uuid not null,
    n int not null check (n > 0),
    code text not null,
    party text not null,
    text text not null,
    lodged_on date not null,
    late boolean not null default false,
    late_reason text,
    admitted boolean,
    admission_by uuid,
    admission_on date,
    admission_reason text,
    hearing_on date,
    companion boolean not null default false,
    due_on date,
    decided_on date,
    decided_by uuid,
    result text check (result in ('stands','changed','amended','redone')),
    reason text,
    reviewer_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appeal_id) references appeals(trust_id, id),
    foreign key (trust_id, admission_by) references people(trust_id, id),
    foreign key (trust_id, decided_by) references people(trust_id, id),
    foreign key (trust_id, reviewer_id) references people(trust_id, id),
    unique (trust_id, appeal_id, n)
);
alter table appeal_stages enable row level security;
alter table appeal_stages force row level security;
create policy appeal_stages_trust on appeal_stages using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

-- What is proposed to stand beside a statement, and whether whoever stated it agreed.
create table appeal_amendments (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    appeal_id uuid not null,
    n int not null,
    text text not null,
    reason text not null,
    proposed_by uuid not null,
    proposed_on date not null,
    agreed boolean,
    answered_by uuid,
    answered_on date,
    answer_reason text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, appeal_id) references appeals(trust_id, id),
    foreign key (trust_id, proposed_by) references people(trust_id, id),
    foreign key (trust_id, answered_by) references people(trust_id, id)
);
create index appeal_amendments_appeal on appeal_amendments (trust_id, appeal_id, id);
alter table appeal_amendments enable row level security;
alter table appeal_amendments force row level security;
create policy appeal_amendments_trust on appeal_amendments using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
