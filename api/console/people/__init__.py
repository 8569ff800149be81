"""The pages for the people of an organization, and for accepting an invitation."""
