package postgres

import "context"

// Unguarded lists what a migration forgot: tables that row security does not hold to a trust,
// views and functions that run with their owner's rights, tables that requests own, and keys
// between tenant tables that leave the trust out. It runs in the tests and at every start.
func (d *DB) Unguarded(ctx context.Context) ([]string, error) {
	rows, err := d.pool.Query(ctx, unguarded)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var bad []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		bad = append(bad, s)
	}
	return bad, rows.Err()
}

// Tables without trust_id are named here, each with its reason: trusts (slugs and names, read at
// sign-in; writes are held to the trust), signing_keys (sealed), goose_db_version (numbers).
const unguarded = `
with tables as (
  select c.* from pg_class c where c.relkind in ('r','p') and c.relnamespace = 'public'::regnamespace
    and c.relname not in ('trusts','signing_keys','goose_db_version')
), tenant as (
  select t.* from tables t join pg_attribute a on a.attrelid = t.oid and a.attname = 'trust_id' and not a.attisdropped
)
select relname || ': has no trust_id' from tables where oid not in (select oid from tenant)
union all
select relname || ': ' || case when not relrowsecurity then 'row security is off' when not relforcerowsecurity then 'row security is not forced' else 'no policy' end
from tenant t where not (relrowsecurity and relforcerowsecurity and exists (select from pg_policy p where p.polrelid = t.oid))
union all
select polrelid::regclass || ': policy ' || polname || ' does not hold rows to the trust'
from pg_policy where polpermissive and polrelid in (select oid from tenant)
  and (polqual is null or pg_get_expr(polqual, polrelid) !~ '^\(trust_id = \( SELECT app_trust\(\) AS app_trust\)\)$'
    or pg_get_expr(polwithcheck, polrelid) is distinct from pg_get_expr(polqual, polrelid))
union all
select c.relname || ': view without security_invoker' from pg_class c
where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace and not coalesce(c.reloptions::text like '%security_invoker=true%', false)
union all
select c.relname || ': materialized view, which row security does not hold' from pg_class c
where c.relkind = 'm' and c.relnamespace = 'public'::regnamespace
union all
select p.oid::regprocedure || ': function with its owner''s rights' from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace
union all
select c.relname || ': owned by the role of requests' from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r','p','v') and c.relowner = (select oid from pg_roles where rolname = current_user)
union all
select conrelid::regclass || ': foreign key ' || conname || ' leaves trust_id out'
from pg_constraint k where contype = 'f' and conrelid in (select oid from tenant) and confrelid in (select oid from tenant)
  and not exists (select from unnest(k.conkey) n join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n and a.attname = 'trust_id')
union all
select indrelid::regclass || ': unique index ' || indexrelid::regclass || ' leaves trust_id out'
from pg_index i where indisunique and indrelid in (select oid from tenant)
  and not exists (select from unnest(i.indkey) n join pg_attribute a on a.attrelid = i.indrelid and a.attnum = n and a.attname = 'trust_id')
order by 1`
