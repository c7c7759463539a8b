namespace DrMesh.Core.Estate.Yaml;

/// <summary>A value of a YAML document with its place.</summary>
internal abstract record YamlNode(YamlPosition Position);

/// <summary>A line and a column, both from 1; 0 for a value that was not read from a file.</summary>
internal readonly record struct YamlPosition(int Line, int Column);
