namespace DrMesh.Silo.Settings;

/// <summary>One value of the configuration and where it stands: <c>silo.yaml:3:9</c>, or the name of the variable that overrides it.</summary>
internal sealed record Setting(string Value, string Origin);
