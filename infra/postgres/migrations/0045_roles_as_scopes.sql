-- A role of a user gives scopes: domain/accounts/user.py. Members, who could only read, become viewers.

ALTER TABLE users DROP CONSTRAINT users_role_check;
UPDATE users SET role = 'viewer' WHERE role = 'member';
ALTER TABLE users ADD CONSTRAINT users_role_check CHECK (role IN ('owner', 'admin', 'accountant', 'hr', 'viewer'));
