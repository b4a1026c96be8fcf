# One environment of the benchmark plan. make_plan.py repeats it under other names.
terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 6.0" }
  }
}

variable "region" {
  type        = string
  description = "Region of all environments."
  default     = "eu-west-1"
}

variable "owner" {
  type        = string
  description = "Team that answers for the resources."
  default     = "platform"
}

variable "database_password" {
  type      = string
  sensitive = true
  default   = "set-by-the-pipeline"
}

provider "aws" {
  region = var.region
  default_tags {
    tags = { ManagedBy = "terraform" }
  }
}

locals {
  settings = {
    encrypted = true
    public    = false
    secure    = true
    open      = ["172.16.0.0/12"]
  }
}

module "env_000" {
  source            = "./env"
  name              = "env-000"
  cidr              = "10.0.0.0/16"
  owner             = var.owner
  database_password = var.database_password
  settings          = local.settings
}

output "env_000_vpc_id" {
  value = module.env_000.vpc_id
}
