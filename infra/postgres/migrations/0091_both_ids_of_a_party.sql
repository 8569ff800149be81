-- A document may name its vendor by the party's own id or by its externalId, and a leave its employee: both ids mean the same.
-- The unique index of bills and the exclusion constraint of leaves compare one of them. These functions look for the rows of the
-- other one. Commands call them in their transaction, which holds the lock on the organization's log.

CREATE FUNCTION other_party_id(p_org text, p_id text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT external_id FROM public.party_list WHERE org_id = p_org AND id = p_id
    UNION ALL SELECT id FROM public.party_list WHERE org_id = p_org AND external_id = p_id LIMIT 1
$$;

CREATE FUNCTION other_employee_id(p_org text, p_id text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT external_id FROM public.employee_list WHERE org_id = p_org AND id = p_id
    UNION ALL SELECT id FROM public.employee_list WHERE org_id = p_org AND external_id = p_id LIMIT 1
$$;

-- The bill that has this number under the other id of the vendor. The key of a number is described in migration 9.
CREATE FUNCTION bill_of_other_id(p_org text, p_year integer, p_vendor text, p_number text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    other CONSTANT text := public.other_party_id(p_org, p_vendor);
BEGIN
    RETURN (SELECT id FROM public.bill_list WHERE org_id = p_org AND NOT number_clash
            AND number_key = p_year::text || ' ' || other || ' ' || p_number);
END $$;

-- The leave that overlaps these half days under the other id of the employee.
CREATE FUNCTION leave_of_other_id(p_org text, p_employee text, p_slots tsrange) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    other CONSTANT text := public.other_employee_id(p_org, p_employee);
BEGIN
    RETURN (SELECT id FROM public.leave_list WHERE org_id = p_org AND employee_id = other AND slots && p_slots
            AND status IN ('pending', 'approved') ORDER BY created_at LIMIT 1);
END $$;

-- A bill under one of two ids whose number a bill under the other id has, too.
CREATE FUNCTION bill_of_both_ids(p_org text, p_party text, p_external text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT b.id FROM public.bill_list a JOIN public.bill_list b ON b.org_id = p_org AND NOT b.number_clash AND b.number_key
        = a.financial_year::text || ' ' || p_external || substr(a.number_key, length(a.financial_year::text || ' ' || p_party) + 1)
    WHERE a.org_id = p_org AND a.vendor_id = p_party AND a.number_key IS NOT NULL AND NOT a.number_clash
    ORDER BY b.id LIMIT 1
$$;

-- A leave under one of two ids that overlaps a leave under the other id.
CREATE FUNCTION leave_of_both_ids(p_org text, p_employee text, p_external text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT b.id FROM public.leave_list a JOIN public.leave_list b ON b.org_id = p_org AND b.employee_id = p_external
        AND b.slots && a.slots AND b.status IN ('pending', 'approved')
    WHERE a.org_id = p_org AND a.employee_id = p_employee AND a.status IN ('pending', 'approved')
    ORDER BY b.id LIMIT 1
$$;

-- End the command as if a constraint was violated, if another row conflicts with what it writes.
CREATE FUNCTION refuse_conflict(p_constraint text, p_other text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_other IS NOT NULL THEN
        RAISE unique_violation USING CONSTRAINT = p_constraint, MESSAGE = 'conflicts with ' || p_other;
    END IF;
END $$;

REVOKE ALL ON FUNCTION other_party_id, other_employee_id, bill_of_other_id, leave_of_other_id, bill_of_both_ids,
    leave_of_both_ids, refuse_conflict FROM PUBLIC;
GRANT EXECUTE ON FUNCTION other_party_id, other_employee_id, bill_of_other_id, leave_of_other_id, bill_of_both_ids,
    leave_of_both_ids, refuse_conflict TO smartdhandha_app;
