-- +goose Up

-- The day by which a published policy is looked at again, where it says so.
alter table policy_versions add column review_on date;

-- What a school proposes for its own layer of a policy, until HR has decided.
create table policy_overrides (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    policy_id uuid not null,
    unit_id uuid not null,
    status text not null check (status in ('proposed','withdrawn','accepted','rejected')),
    rules text not null,
    reason text,
    proposed_by uuid not null,
    decided_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, policy_id) references policies(trust_id, id),
    foreign key (trust_id, unit_id) references units(trust_id, id),
    foreign key (trust_id, proposed_by) references people(trust_id, id),
    foreign key (trust_id, decided_by) references people(trust_id, id)
);
create index policy_overrides_policy on policy_overrides (trust_id, policy_id, id);
create index policy_overrides_unit on policy_overrides (trust_id, unit_id, id);
alter table policy_overrides enable row level security;
alter table policy_overrides force row level security;
create policy policy_overrides_trust on policy_overrides using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
