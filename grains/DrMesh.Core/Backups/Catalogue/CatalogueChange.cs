namespace DrMesh.Core.Backups.Catalogue;

/// <summary>What a rebuild changed.</summary>
/// <param name="Added">Rows that were not there.</param>
/// <param name="Removed">Rows whose backup is in no repository.</param>
public readonly record struct CatalogueChange(int Added, int Removed);
