-- +goose Up

-- Decisions on pay are appended: what was decided first, by way of exception, and on appeal. One of them counts now.
alter table pay_decisions drop constraint pay_decisions_trust_id_appraisal_id_key;
alter table pay_decisions add column n int not null default 1;
alter table pay_decisions add column kind text not null default 'decision' check (kind in ('decision','exception','appeal'));
alter table pay_decisions add column current boolean not null default true;
alter table pay_decisions add column progression text check (progression in ('progress','no_progression'));
alter table pay_decisions add column reason text;
alter table pay_decisions add constraint pay_decisions_n unique (trust_id, appraisal_id, n);
create unique index pay_decisions_current on pay_decisions (trust_id, appraisal_id) where current;

-- What was recommended, beside what was decided. The one that was made last counts.
create table pay_recommendations (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    appraisal_id uuid not null,
    step text not null,
    progression text not null check (progression in ('progress','no_progression')),
    awards jsonb not null default '[]',
    reason text,
    by_id uuid not null,
    at timestamptz not null,
    school_on date not null,
    current boolean not null default true,
    primary key (trust_id, id),
    foreign key (trust_id, appraisal_id) references appraisals(trust_id, id),
    foreign key (trust_id, by_id) references people(trust_id, id)
);
create unique index pay_recommendations_current on pay_recommendations (trust_id, appraisal_id) where current;
create index pay_recommendations_appraisal on pay_recommendations (trust_id, appraisal_id, at, id);
alter table pay_recommendations enable row level security;
alter table pay_recommendations force row level security;
create policy pay_recommendations_trust on pay_recommendations using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

alter table steps add column draft_pay jsonb;

-- The trust's pay points of a year, and in which area its units pay. None is shipped.
create table pay_points (
    trust_id uuid not null references trusts(id),
    cycle_id uuid not null,
    area text not null,
    pay_range text not null,
    point text not null,
    annual_pence bigint not null check (annual_pence > 0),
    primary key (trust_id, cycle_id, area, pay_range, point),
    foreign key (trust_id, cycle_id) references cycles(trust_id, id)
);
alter table pay_points enable row level security;
alter table pay_points force row level security;
create policy pay_points_trust on pay_points using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create table pay_areas (
    trust_id uuid not null references trusts(id),
    cycle_id uuid not null,
    unit_id uuid not null,
    area text not null,
    primary key (trust_id, cycle_id, unit_id),
    foreign key (trust_id, cycle_id) references cycles(trust_id, id),
    foreign key (trust_id, unit_id) references units(trust_id, id)
);
alter table pay_areas enable row level security;
alter table pay_areas force row level security;
create policy pay_areas_trust on pay_areas using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
