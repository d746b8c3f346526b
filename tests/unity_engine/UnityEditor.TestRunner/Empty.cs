// Nothing of it is used: test assemblies refer to it, as Unity makes them.
